"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const checks = Array.from(document.querySelectorAll("details.check"));
  const areas = Array.from(document.querySelectorAll(".area"));
  const [kind, area, text] = ["verdict", "area", "text"].map((name) => find(`filter-${name}`));
  const words = new Map(checks.map((check) => [check, check.textContent.toLowerCase()]));

  const matches = (check, wanted) =>
    (!kind.value || check.dataset.kind === kind.value) &&
    (!area.value || check.parentElement.dataset.area === area.value) &&
    wanted.every((word) => words.get(check).includes(word));

  const filter = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const check of checks) {
      check.hidden = !matches(check, wanted);
      shown += check.hidden ? 0 : 1;
    }
    for (const each of areas) {
      each.hidden = !each.querySelector("details.check:not([hidden])");
    }
    find("no-match").hidden = shown > 0;
    find("filter-count").textContent = `${shown} of ${checks.length} checks`;
  };

  const select = (code) => {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  };

  const copy = async (button) => {
    const code = button.previousElementSibling;
    let done = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      done = select(code);
    }
    button.textContent = done ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };

  const openTarget = () => {
    const target = location.hash && find(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details.check")) {
      if (target.hidden) {
        find("filters").reset();
        filter();
      }
      target.open = true;
      target.scrollIntoView();
    }
  };

  const openForPrint = () => {
    for (const each of document.querySelectorAll("details:not([open])")) {
      each.open = true;
      each.dataset.closed = "";
    }
  };

  const closeAfterPrint = () => {
    for (const each of document.querySelectorAll("details[data-closed]")) {
      each.open = false;
      delete each.dataset.closed;
    }
  };

  find("filters").hidden = false;
  find("filters").addEventListener("input", filter);
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("beforeprint", openForPrint);
  window.addEventListener("afterprint", closeAfterPrint);
  openTarget();
})();
