// Without this script, the form loads a new page. This script fetches that page after each change, and shows its result
// and messages on the current page. So the formula and its messages exist only on the server.
const FAILURE = "The server didn’t respond. Press “Calculate” to try again."; // pages in other languages translate it
for (const form of document.querySelectorAll(".calculation form")) {
  const parts = [...form.parentNode.querySelectorAll("[data-live]")];
  const result = form.parentNode.querySelector(".result");
  const status = form.parentNode.querySelector("[role=status]");
  let timer, request;

  // Copies the error messages, and leaves the inputs alone. Removes the error summary after the last correction.
  const copyErrors = (page) => {
    for (const input of form.querySelectorAll(".field input")) {
      const field = input.closest(".field");
      const newInput = page.getElementById(input.id);
      const newField = newInput.closest(".field");
      field.className = newField.className;
      field.querySelector(".error")?.remove();
      input.before(...newField.querySelectorAll(".error"));
      for (const name of ["aria-invalid", "aria-describedby"]) {
        if (newInput.hasAttribute(name)) input.setAttribute(name, newInput.getAttribute(name));
        else input.removeAttribute(name);
      }
    }
    const summary = form.querySelector(".error-summary");
    const newSummary = page.querySelector(".error-summary");
    if (newSummary) summary?.querySelector("ul").replaceWith(newSummary.querySelector("ul"));
    else summary?.remove();
  };

  const calculate = async () => {
    const { signal } = (request = new AbortController());
    const url = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
    result.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(url, { signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const newParts = page.querySelectorAll("[data-live]");
      if (!response.ok) throw new Error(response.status);
      copyErrors(page);
      parts.forEach((part, index) => (part.innerHTML = newParts[index].innerHTML));
      document.title = page.title;
      history.replaceState(null, "", url);
      status.textContent = (form.querySelector(".error") ?? result.querySelector(".verdict")).textContent;
    } catch {
      if (signal.aborted) return;
      for (const part of parts) part.textContent = "";
      result.textContent = status.textContent = result.dataset.failure ?? FAILURE;
    } finally {
      if (!signal.aborted) result.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    request?.abort();
    timer = setTimeout(calculate, 500);
  });
}
document.querySelector(".error-summary")?.focus();
