// What the page does in the browser: tells the server what was clicked or typed, and keeps the newest message in view.
window.rapport = (() => {
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const find = (selector) => document.querySelector(selector);
  const withMouse = () => matchMedia("(hover: hover)").matches;
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const patience = 20000; // milliseconds until a message that nobody took is put back into the box
  let newest = 0;
  let unanswered = 0;

  function clicked(event, act) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.toggle) {
      const open = document.body.classList.toggle("panel-open");
      button.setAttribute("aria-expanded", String(open));
    } else if (button.dataset.do) {
      send(act, button.dataset.do, button.dataset.value || "");
      if (button.dataset.do === "say" && withMouse()) find("#message").focus();
    }
  }

  function send(act, what, value) {
    act({ do: what, value, key, returning: Boolean(find(".exchange")) });
  }

  function fit(box) {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight + 2, innerHeight / 3) + "px";
  }

  function compose(form, act) {
    const box = form.querySelector("textarea");
    const submit = () => {
      const text = box.value;
      send(act, "say", text);
      box.value = "";
      fit(box);
      clearTimeout(unanswered);
      unanswered = setTimeout(() => {
        if (!box.value) box.value = text;
      }, patience);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    box.addEventListener("input", () => fit(box));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    if (withMouse()) box.focus({ preventScroll: true });
  }

  function follow(region) {
    clearTimeout(unanswered);
    const number = Number(region?.dataset.number || 0);
    if (number > Math.max(newest, 1)) region.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    if (number) newest = number;
    else if (newest) {
      newest = 0;
      scrollTo(0, 0);
    }
  }

  function attach(element, watch, act) {
    element.addEventListener("click", (event) => clicked(event, act));
    const form = element.querySelector("form.composer");
    if (form) compose(form, act);
    if (element.querySelector(".newest")) watch("value", () => follow(element.querySelector(".newest")));
  }

  return { attach };
})();
