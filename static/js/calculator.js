// Without script the form asks for a new page. With it, the server is asked for the same page as one types, and what it
// says takes the place of what stands here: the formula and its messages stand in one place only.
for (const form of document.querySelectorAll(".calculation form")) {
  const result = form.parentNode.querySelector(".result");
  const status = form.parentNode.querySelector("[role=status]");
  let waiting, running;

  // What is typed stays untouched, and the summary that a page came with goes once nothing is wrong.
  const mark = (fresh) => {
    for (const input of form.querySelectorAll(".field input")) {
      const field = input.closest(".field");
      const now = fresh.getElementById(input.id);
      field.className = now.closest(".field").className;
      field.querySelector(".error")?.remove();
      input.after(...now.closest(".field").querySelectorAll(".error"));
      for (const name of ["aria-invalid", "aria-describedby"]) {
        if (now.hasAttribute(name)) input.setAttribute(name, now.getAttribute(name));
        else input.removeAttribute(name);
      }
    }
    const summary = form.querySelector(".error-summary");
    const wrong = fresh.querySelector(".error-summary");
    if (wrong) summary?.querySelector("ul").replaceWith(wrong.querySelector("ul"));
    else summary?.remove();
  };

  const ask = async () => {
    const { signal } = (running = new AbortController());
    const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
    result.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const said = fresh.querySelector(".result");
      if (!answer.ok) throw new Error(answer.status);
      mark(fresh);
      result.innerHTML = said.innerHTML;
      document.title = fresh.title;
      history.replaceState(null, "", address);
      status.textContent = (form.querySelector(".error") ?? result.querySelector(".verdict")).textContent;
    } catch {
      if (signal.aborted) return;
      result.textContent = status.textContent = "No answer came. “Calculate” asks again.";
    } finally {
      if (!signal.aborted) result.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    running?.abort();
    waiting = setTimeout(ask, 500);
  });
}
document.querySelector(".error-summary")?.focus();
