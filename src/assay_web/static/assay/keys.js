// "/" goes to the search field, as the mark in it says. Nothing else on a page needs a script but passkeys.
document.addEventListener("keydown", (event) => {
  const field = document.getElementById("q");
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !field) return;
  event.preventDefault();
  const rail = document.getElementById("rail");
  if (rail && rail.popover !== null && field.offsetParent === null) rail.showPopover();
  field.focus();
});
