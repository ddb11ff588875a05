// Without this script, :target shows the questions of the selected competency. The script keeps the index in place on
// the screen, highlights the selected link, and announces the number of questions to screen readers.
for (const index of document.querySelectorAll(".bank-index")) {
  const links = [...index.querySelectorAll("li a")];
  const status = index.querySelector("[role=status]");
  const update = (event) => {
    const selected = links.find((link) => link.hash === location.hash) ?? links[0];
    for (const link of links) {
      link === selected ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    }
    if (event) {
      const group = document.getElementById(selected.hash.slice(1));
      const visible = group.closest(".question-group") ?? index.parentNode;
      status.textContent = `${visible.querySelectorAll(".question-list > li").length} questions shown`;
    }
  };
  index.addEventListener("click", (event) => {
    const link = event.target.closest("li a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const top = index.getBoundingClientRect().top;
    location.hash = link.hash;
    scrollBy(0, index.getBoundingClientRect().top - top);
    const target = document.getElementById(link.hash.slice(1));
    if (target.getBoundingClientRect().top > innerHeight - 160) target.scrollIntoView();
  });
  addEventListener("hashchange", update);
  update();
}

for (const button of document.querySelectorAll(".print-tray [type=button]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
