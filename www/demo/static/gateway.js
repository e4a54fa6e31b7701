/** What the page after the payment does by itself: count down, post its form, close. Returning is the page's own refresh. */
(function () {
  'use strict';

  const countdown = document.getElementById('countdown');
  if (countdown) {
    const end = performance.now() + Number(countdown.dataset.seconds) * 1000;
    setInterval(function () {
      countdown.textContent = String(Math.max(0, Math.ceil((end - performance.now()) / 1000)));
    }, 250);
  }

  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('[data-submit]'));
  if (form) form.submit();

  // Browsers close only what a script opened, or a page without a history.
  if (document.querySelector('[data-close]')) window.close();
})();
