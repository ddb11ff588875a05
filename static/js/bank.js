// Choosing a competency shows its questions alone by :target, without script. This keeps the index in sight where it is,
// marks what is chosen, and says it.
for (const index of document.querySelectorAll(".bank-index")) {
  const links = [...index.querySelectorAll("li a")];
  const status = index.querySelector("[role=status]");
  const mark = (event) => {
    const chosen = links.find((link) => link.hash === location.hash) ?? links[0];
    for (const link of links) {
      link === chosen ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    }
    if (event) {
      const group = document.getElementById(chosen.hash.slice(1));
      const shown = (group.closest(".question-group") ?? index.parentNode).querySelectorAll(".question-list > li").length;
      status.textContent = `${shown} questions are shown`;
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
  addEventListener("hashchange", mark);
  mark();
}
