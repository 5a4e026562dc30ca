// Shows the dialog while the connection is away, tries again every second, and loads the page anew when the server lost the circuit.
const dialog = document.getElementById('components-reconnect-modal');
let trying = 0;

async function again() {
  try {
    if (await Blazor.reconnect()) return;
    if (await Blazor.resumeCircuit?.()) { dialog.close(); return; }
    location.reload();
  } catch {
    // Still away: the next try follows.
  }
}

dialog.addEventListener('components-reconnect-state-changed', ({ detail }) => {
  if (detail.state === 'show') {
    if (!dialog.open) dialog.showModal();
  } else if (detail.state === 'hide') {
    clearInterval(trying); trying = 0;
    dialog.close();
  } else if (detail.state === 'failed') {
    trying ||= setInterval(again, 1000);
  } else if (detail.state === 'rejected') {
    location.reload();
  }
});
dialog.addEventListener('cancel', event => event.preventDefault());
document.getElementById('reconnect-now').addEventListener('click', again);
document.getElementById('reconnect-reload').addEventListener('click', () => location.reload());
