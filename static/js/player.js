// Without this script, the poster of a video links to the video. With the script, a click loads the player in the
// poster's place. Nothing is loaded from the other site before the click.
for (const link of document.querySelectorAll("a[data-player]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.title = link.querySelector("img").alt || "Video";
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    frame.src = link.dataset.player;
    link.after(frame);
    frame.focus();
  });
}
