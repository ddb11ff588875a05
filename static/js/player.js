// Without this script, a video's poster links to the video. With the script, a click replaces the poster with the
// player. Nothing is loaded from the video's site before the click.
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
