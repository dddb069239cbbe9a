// Background work in the page: asks every two seconds how far it is, until it has ended. Without this, the page says how to look again.
for (const place of document.querySelectorAll("[data-live]")) {
  const look = async () => {
    const answer = await fetch(place.dataset.live, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) return;
    const part = await answer.text();
    if (part !== place.dataset.was) place.innerHTML = part;
    place.dataset.was = part;
    if (!place.querySelector("[data-ended]")) setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
