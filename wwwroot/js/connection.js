// Opens the page's circuit. While the connection is away it shows the dialog and tries again about once a second, spread so that
// a portal that comes back is not met by everybody at once; when the server lost the circuit, the page loads anew.
const dialog = document.getElementById('components-reconnect-modal');

Blazor.start({
  circuit: {
    reconnectionOptions: {
      maxRetries: Number.MAX_SAFE_INTEGER,
      retryIntervalMilliseconds: attempt => attempt === 0 ? 0 : 500 + Math.random() * 1000,
    },
  },
});

async function tryNow() {
  try {
    if (!await Blazor.reconnect()) location.reload();
  } catch {
    // Still away: the next try follows by itself.
  }
}

dialog.addEventListener('components-reconnect-state-changed', ({ detail }) => {
  if (detail.state === 'show' && !dialog.open) dialog.showModal();
  else if (detail.state === 'hide') dialog.close();
  else if (detail.state === 'rejected') location.reload();
});
dialog.addEventListener('cancel', event => event.preventDefault());
document.getElementById('reconnect-now').addEventListener('click', tryNow);
document.getElementById('reconnect-reload').addEventListener('click', () => location.reload());
