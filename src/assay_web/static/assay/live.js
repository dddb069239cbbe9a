// Background work in the page: asks every two seconds how far it is and changes only what is new, until it has ended. Without this, the page says how to look again.
for (const place of document.querySelectorAll("[data-live]")) {
  const parts = (within) => new Map([...within.querySelectorAll("[data-part]")].map((one) => [one.dataset.part, one]));
  const show = (text) => {
    const page = document.createElement("template");
    page.innerHTML = text;
    const now = parts(page.content);
    for (const [name, shown] of parts(place)) {
      const next = now.get(name);
      if (next && next.innerHTML !== shown.innerHTML) shown.innerHTML = next.innerHTML;
    }
    return page.content.querySelector("[data-ended]") !== null;
  };
  const look = async () => {
    let pause = 2000;
    try {
      const answer = await fetch(place.dataset.live, { headers: { "X-Requested-With": "XMLHttpRequest" }, redirect: "manual" });
      // Signed out meanwhile, or not to be seen any more: the page itself says so. Ended: it says what can be done next.
      if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) return location.reload();
      if (!answer.ok) pause = 10000;
      else if (show(await answer.text())) return location.reload();
    } catch {
      pause = 10000; // the workspace is being started again, or the network is away
    }
    setTimeout(look, pause);
  };
  setTimeout(look, 2000);
}
