// The editor of `make dev` (pages/development/editor). It opens one part of the page's document beside the page.
//
// No typed text is lost. sessionStorage keeps it while live reload reloads the page, and localStorage keeps it in this
// browser until the writer saves or discards it.
"use strict";

(() => {
  const CHECK_DELAY = 500; // milliseconds without typing before the text is checked
  const OPEN = "editor", SAVING = "Saving …", SAVED = "Saved. The page updates automatically.";
  const panel = document.querySelector(".editor");
  const find = (name) => panel.querySelector(`.editor-${name}`);
  const file = panel.dataset.document;
  const area = find("text"), leaving = find("leave"), conflicting = find("conflict"), problemList = find("problems");
  const pencils = [...document.querySelectorAll(".pencil")];

  let part = null; // the opened part, as the server sent it: its name, number, first line and text, and the file's digest
  let theirs = null; // in a conflict: the part as it is in the file now, or false if the file no longer has it
  let other = ""; // in a conflict: the version below the text field
  let checkTimer = 0, checkNumber = 0, openNumber = 0, busy = false;

  const isOpen = () => !panel.hidden;
  const isDirty = () => part !== null && area.value !== part.text;
  const draftKey = ({ name, number }) => `editor:${file}:${number}:${name}`;
  const pencilOf = ({ name, number }) =>
    pencils.find((each) => each.dataset.name === name && each.dataset.number === String(number));

  async function post(action, body) {
    try {
      const response = await fetch(`/__edit__/${action}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Editor": "1" },
        body: JSON.stringify({ document: file, ...body }),
      });
      return { status: response.status, ...(await response.json()) };
    } catch {
      return { status: 0, message: "The site doesn’t respond. Is make dev running? Your text stays here." };
    }
  }

  function say(text, kind = "") {
    find("status").textContent = text;
    find("status").dataset.kind = kind;
  }

  function showState() {
    find("save").disabled = busy || theirs !== null || !isDirty();
    panel.classList.toggle("editor-dirty", isDirty());
    const before = area.value.slice(0, area.selectionStart).split("\n");
    find("caret").textContent = part ? `Line ${part.line + before.length - 1}` : "";
  }

  function showPart(id) {
    const pencil = pencilOf(id);
    for (const each of document.querySelectorAll(".editor-target")) each.classList.remove("editor-target");
    for (const each of pencils) each.setAttribute("aria-pressed", String(each === pencil));
    target(pencil)?.classList.add("editor-target");
    find("title").textContent = pencil ? pencil.getAttribute("aria-label").replace(/^Edit (section )?/, "") : id.label;
    find("file").textContent = file;
  }

  // The section that a pencil belongs to. The pencils above the page belong to no section.
  function target(pencil) {
    let element = pencil?.closest(".pencils:not(.pencils-bar)");
    while (element && element.matches(".pencils, .problems")) element = element.nextElementSibling;
    return element;
  }

  function showProblems(problems) {
    const count = problems.length;
    find("problems .editor-label").textContent =
      count === 0 ? "No problems here" : count === 1 ? "1 problem here" : `${count} problems here`;
    problemList.dataset.count = String(count);
    const list = document.createElement("ul");
    list.append(...problems.map(problemItem));
    problemList.querySelector("ul")?.remove();
    problemList.append(list);
  }

  function problemItem(problem) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    item.className = problem.level;
    const lines = [
      [{ error: "✖", warning: "⚠", notice: "ℹ" }[problem.level], `${problem.level} · line ${problem.line}`],
      ["", problem.message],
      ["", problem.help],
    ];
    for (const [symbol, text] of lines.filter(([, text]) => text)) {
      const line = document.createElement("span");
      if (symbol) line.append(Object.assign(document.createElement("span"), { ariaHidden: "true", textContent: `${symbol} ` }));
      line.append(text);
      button.append(line);
    }
    button.addEventListener("click", () => select(problem));
    item.append(button);
    return item;
  }

  // Select a problem's place in the text. A column is a number of characters, but JavaScript counts UTF-16 code units.
  function select({ line, column, length }) {
    const lines = area.value.split("\n");
    const index = Math.min(Math.max(line - part.line, 0), lines.length - 1);
    const units = (count) => [...lines[index]].slice(0, count).join("").length;
    const start = lines.slice(0, index).reduce((sum, each) => sum + each.length + 1, 0);
    const isInside = line - part.line === index;
    area.focus();
    area.setSelectionRange(start + (isInside ? units(column - 1) : 0), start + (isInside ? units(column - 1 + length) : 0));
    showState();
  }

  async function check() {
    const number = ++checkNumber, text = area.value, { name, number: index, digest } = part;
    const answer = await post("check", { name, number: index, digest, text });
    if (number === checkNumber && isOpen() && answer.problems) showProblems(answer.problems);
  }

  function scheduleCheck() {
    clearTimeout(checkTimer);
    checkTimer = setTimeout(() => { if (isOpen() && part && theirs === null) check(); }, CHECK_DELAY);
  }

  function setText(text) {
    const { selectionStart, selectionEnd, scrollTop } = area;
    area.value = text;
    area.setSelectionRange(Math.min(selectionStart, text.length), Math.min(selectionEnd, text.length));
    area.scrollTop = scrollTop;
  }

  // Store unsaved text in localStorage. Remove it from there after it is saved.
  function keepDraft() {
    if (isDirty()) localStorage.setItem(draftKey(part), JSON.stringify({ text: area.value, base: part.text }));
    else if (part) localStorage.removeItem(draftKey(part));
  }

  function showConflict(current) {
    theirs = current ?? false;
    other = theirs ? theirs.text : "";
    find("conflict-text").textContent = theirs
      ? "Nothing is overwritten: your text is above, and the file’s version is below."
      : "This section is no longer in the file. Copy your text before you close the editor.";
    find("other-label").textContent = theirs ? "In the file now" : "";
    find("other").textContent = other;
    find("other").hidden = find("conflict .editor-choices").hidden = !theirs;
    conflicting.hidden = false;
    conflicting.scrollIntoView({ block: "nearest" });
    say("Not saved", "error");
    showState();
  }

  function endConflict() {
    theirs = null;
    conflicting.hidden = true;
  }

  // Continue with the part as it is in the file now. If the text here has changed too, show both versions.
  function follow(current) {
    const base = part.text, isChanged = isDirty();
    const isSaved = current.text.trimEnd() === area.value.trimEnd();
    if (isChanged && !isSaved && current.text !== base) return showConflict(current);
    endConflict();
    part = current;
    if ((!isChanged || isSaved) && area.value !== part.text) setText(part.text);
    showProblems(part.problems);
    if (isDirty()) scheduleCheck();
    keepDraft();
    showState();
  }

  async function open(id) {
    const number = ++openNumber;
    endConflict();
    part = null;
    area.value = "";
    area.readOnly = true;
    say("");
    panel.hidden = false;
    leaving.hidden = true;
    showPart(id);
    target(pencilOf(id))?.scrollIntoView({ block: "start", behavior: "instant" });
    const answer = await post("open", { name: id.name, number: id.number });
    if (number !== openNumber || !isOpen()) return;
    if (answer.status !== 200) return say(answer.message, "error");
    part = answer;
    area.readOnly = false;
    area.value = part.text;
    area.setSelectionRange(0, 0);
    area.scrollTop = 0;
    area.focus({ preventScroll: true });
    showProblems(part.problems);
    const draft = JSON.parse(localStorage.getItem(draftKey(part)) ?? "null");
    if (draft && draft.text !== part.text) {
      area.value = draft.text;
      say("Your unsaved text is back.");
      if (draft.base !== part.text) {
        part = { ...answer, text: draft.base };
        showConflict(answer);
      } else scheduleCheck();
    }
    showState();
  }

  // After live reload, show the same text at the same place. Then check whether the file has changed.
  async function reopen(state) {
    panel.hidden = false;
    part = state.part;
    area.value = state.text;
    area.setSelectionRange(...state.selection);
    showPart(part);
    showProblems(part.problems);
    showState();
    say(state.status, state.kind);
    area.scrollTop = state.scroll;
    if (state.hasFocus) area.focus({ preventScroll: true });
    const keepPlace = () => {
      const element = target(pencilOf(part));
      if (element && state.top !== null) scrollBy({ top: element.getBoundingClientRect().top - state.top, behavior: "instant" });
    };
    // The browser restores its own scroll position when the page has loaded.
    if (document.readyState === "complete") keepPlace();
    else addEventListener("load", () => requestAnimationFrame(keepPlace), { once: true });
    const answer = await post("open", { name: part.name, number: part.number });
    if (!isOpen()) return;
    if (answer.status === 200) {
      follow(answer);
      // The page was reloaded before the response to a save arrived.
      if (state.status === SAVING) say(...(isDirty() ? ["Not saved yet"] : [SAVED, "saved"]));
    } else if (answer.status === 404 && isDirty()) showConflict(null);
    else say(answer.message, "error");
  }

  async function save() {
    if (busy || !part) return false;
    if (theirs !== null) {
      say(theirs ? "Choose one of the two versions first." : "Not saved: this section is no longer in the file.", "error");
      return false;
    }
    if (!isDirty()) {
      say("No changes to save.");
      return true;
    }
    busy = true;
    clearTimeout(checkTimer);
    checkNumber++; // ignore the response to a running check, because it is about an older text
    say(SAVING);
    showState();
    const text = area.value, saved = part;
    const answer = await post("save", { name: part.name, number: part.number, digest: part.digest, text });
    busy = false;
    if (answer.status === 200) {
      localStorage.removeItem(draftKey(saved));
      if (!answer.part) {
        part = { ...saved, text: area.value };
        close();
        return true;
      }
      const isUnchanged = area.value === text;
      part = answer.part;
      if (isUnchanged && area.value !== part.text) setText(part.text);
      keepDraft();
      showProblems(part.problems);
      say(SAVED, "saved");
    } else if (answer.status === 409 && answer.part && answer.part.text === part.text) {
      part = answer.part;
      say("Not saved, because another section of the file has changed. Save again.", "error");
    } else if (answer.status === 409 && answer.part && answer.part.text === area.value) {
      follow(answer.part);
      say("The file already has this text.", "saved");
    } else if (answer.status === 409 || answer.status === 404) showConflict(answer.part);
    else say(answer.message, "error");
    showState();
    return answer.status === 200;
  }

  function close() {
    const pencil = part && pencilOf(part);
    clearTimeout(checkTimer);
    part = null;
    endConflict();
    panel.hidden = leaving.hidden = true;
    sessionStorage.removeItem(OPEN);
    for (const each of document.querySelectorAll(".editor-target")) each.classList.remove("editor-target");
    for (const each of pencils) each.setAttribute("aria-pressed", "false");
    target(pencil)?.scrollIntoView({ block: "start", behavior: "instant" }); // the page has its full size again
    pencil?.focus({ preventScroll: true });
  }

  let whenLeft = null;

  // Close the editor, then call `next`. If there is unsaved text, ask first.
  function leave(next = null) {
    whenLeft = next;
    if (!isDirty()) return left();
    leaving.hidden = false;
    leaving.querySelector("[data-choice=stay]").focus();
  }

  function left() {
    const next = whenLeft;
    close();
    next?.();
  }

  leaving.addEventListener("click", async ({ target: { dataset } }) => {
    if (!dataset.choice) return;
    leaving.hidden = true;
    if (dataset.choice === "discard") {
      localStorage.removeItem(draftKey(part));
      left();
    } else if (dataset.choice === "save" && (await save())) {
      if (isOpen()) left();
      else whenLeft?.();
    } else area.focus();
  });

  conflicting.addEventListener("click", ({ target: { dataset } }) => {
    if (dataset.choice === "mine") {
      part = theirs;
      endConflict();
      area.focus();
      save();
    } else if (dataset.choice === "swap") {
      const text = area.value;
      area.value = other;
      other = text;
      find("other").textContent = other;
      find("other-label").textContent = find("other-label").textContent === "In the file now" ? "Your text" : "In the file now";
      showState();
    }
  });

  for (const pencil of pencils) {
    pencil.setAttribute("aria-pressed", "false");
    pencil.addEventListener("click", () => {
      const id = { name: pencil.dataset.name, number: Number(pencil.dataset.number) };
      if (isOpen() && part && pencilOf(part) === pencil) area.focus();
      else if (isOpen()) leave(() => open(id));
      else open(id);
    });
  }
  area.addEventListener("input", () => {
    if (theirs === null) say(isDirty() ? "Not saved yet" : "");
    keepDraft();
    showState();
    scheduleCheck();
  });
  document.addEventListener("selectionchange", () => { if (isOpen()) showState(); });
  find("save").addEventListener("click", save);
  find("close").addEventListener("click", () => leave());
  document.addEventListener("keydown", (event) => {
    if (!isOpen() || event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (leaving.hidden) leave();
      else {
        leaving.hidden = true;
        area.focus();
      }
    } else if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      save();
    }
  });
  addEventListener("pagehide", () => {
    if (!isOpen() || !part) return;
    const { selectionStart, selectionEnd, scrollTop, value } = area;
    const state = {
      document: file, part, text: value, selection: [selectionStart, selectionEnd], scroll: scrollTop,
      hasFocus: document.activeElement === area, top: target(pencilOf(part))?.getBoundingClientRect().top ?? null,
      status: find("status").textContent, kind: find("status").dataset.kind ?? "",
    };
    sessionStorage.setItem(OPEN, JSON.stringify(state));
  });
  if (/Mac|iP(hone|ad)/.test(navigator.platform)) find("save").querySelector("kbd").textContent = "⌘S";

  const state = JSON.parse(sessionStorage.getItem(OPEN) ?? "null");
  sessionStorage.removeItem(OPEN);
  if (state?.document === file) reopen(state);
})();
