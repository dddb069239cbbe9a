// Looks again while something is under way. Without this script the link on the page does it.
"use strict";
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 3000);
