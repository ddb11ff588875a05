// Without script the form asks for a new page. With it, the server is asked for the same page as one types, and its result
// takes the place of the old one: the formula stands in one place only.
for (const form of document.querySelectorAll(".calculation form")) {
  const result = document.getElementById("result");
  const status = form.parentNode.querySelector("[role=status]");
  let waiting, running;
  const ask = async () => {
    running?.abort();
    running = new AbortController();
    const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
    result.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: running.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("result");
      if (!answer.ok || !fresh) return;
      result.innerHTML = fresh.innerHTML;
      history.replaceState(null, "", address);
      status.textContent = (result.querySelector(".verdict") ?? result).textContent;
      result.removeAttribute("aria-busy");
    } catch (error) {
      if (error.name !== "AbortError") result.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  });
}
document.querySelector(".error-summary")?.focus();
