// Without this script, :target shows the questions of the selected competency. The script keeps the index in place on
// the screen, highlights the selected link, and announces the number of questions to screen readers.
for (const index of document.querySelectorAll(".bank-index")) {
  const links = [...index.querySelectorAll("li a")];
  const update = (event) => {
    const selected = links.find((link) => link.hash === location.hash) ?? links[0];
    for (const link of links) link.ariaCurrent = link === selected ? "true" : null;
    if (event) {
      const group = document.getElementById(selected.hash.slice(1));
      const visible = group.closest(".question-group, .bank");
      index.querySelector("[role=status]").textContent = `${visible.querySelectorAll(".number").length} questions shown`;
    }
  };
  index.addEventListener("click", (event) => {
    const link = event.target.closest("li a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const top = index.getBoundingClientRect().top;
    location.hash = link.hash;
    scrollBy(0, index.getBoundingClientRect().top - top);
    const group = document.getElementById(link.hash.slice(1));
    if (group.getBoundingClientRect().top > innerHeight - 160) group.scrollIntoView();
  });
  addEventListener("hashchange", update);
  update();
}

addEventListener("click", (event) => {
  if (event.target.closest(".print-tray [type=button]")) print();
});
