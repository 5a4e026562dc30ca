// Passkeys on plain forms. <form data-passkey="get|create" data-options="/address/of/the/options"> holds a hidden input "credential":
// pressing its button asks the browser, then posts the answer. On the sign-in page passkeys are also offered in the mail field.

const token = form => form.querySelector('input[name="__RequestVerificationToken"]').value;

async function options(form) {
  const answer = await fetch(form.dataset.options, { method: 'POST', headers: { RequestVerificationToken: token(form) } });
  if (!answer.ok) throw new Error('The portal did not answer. Load the page again.');
  return answer.json();
}

function post(form, credential) {
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

function say(form, text) {
  const problem = form.querySelector('[data-passkey-problem]');
  problem.textContent = text;
  problem.hidden = false;
}

async function ask(form, signal, mediation) {
  const asked = await options(form);
  return form.dataset.passkey === 'create'
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked), signal })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked), signal, mediation });
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    form.querySelector('button').disabled = true;
    say(form, 'This browser knows no passkeys, or this address is neither HTTPS nor localhost.');
    continue;
  }

  let offered = new AbortController();
  form.addEventListener('submit', async event => {
    event.preventDefault();
    offered.abort();
    try {
      post(form, await ask(form));
    } catch (error) {
      say(form, error.name === 'NotAllowedError' ? 'It was cancelled, or no passkey fits. Try again.' : error.name === 'InvalidStateError' ? 'This device has a passkey for you already.' : error.message);
    }
  });

  if (form.dataset.passkey === 'get' && await PublicKeyCredential.isConditionalMediationAvailable?.()) {
    ask(form, offered.signal, 'conditional').then(credential => credential && post(form, credential)).catch(() => { /* the person chose another way */ });
  }
}
