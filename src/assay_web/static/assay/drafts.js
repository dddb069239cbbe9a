// Keeps what was typed when a page of questions is left by another way than its buttons. Without this script, the buttons keep it.
"use strict";
for (const form of document.querySelectorAll("form[data-kept]")) {
  let touched = false;
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { touched = false; });
  addEventListener("pagehide", () => {
    if (!touched) return;
    const typed = new FormData(form);
    typed.set("to", "leave");
    navigator.sendBeacon(location.href, typed);
    touched = false;
  });
}
