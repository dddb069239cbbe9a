// Keys for deciding many lines: j and k go down and up, x chooses, a chooses all of the page, r goes to the reason. Without a script the page works the same by Tab and Space.
const form = document.querySelector("form[data-reviewing]");
const marks = form ? [...form.querySelectorAll("input[type=checkbox][name=line]")] : [];
const hint = document.querySelector(".keys");
if (marks.length && hint) hint.hidden = false;
const move = (step) => {
  const at = marks.indexOf(document.activeElement);
  const next = marks[Math.min(marks.length - 1, Math.max(0, at + step))];
  if (next) next.focus();
};
const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: () => marks.includes(document.activeElement) && document.activeElement.click(),
  a: () => document.getElementById("all")?.click(),
  r: () => document.getElementById("reason")?.focus(),
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (!marks.length || typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
