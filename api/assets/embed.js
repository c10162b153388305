/*
 * Shows the account page in an element of an application's page:
 *
 *   <script src="https://billing.example.com/assets/embed.js"></script>
 *   perennial.account(document.querySelector('#account'), { token: () => fetchToken(), locale: 'pt' })
 *
 * `token` returns a user's token or a promise of one; it is called again when a session has ended. The result is a function
 * that removes the account page.
 */
;(() => {
  const { origin } = new URL(document.currentScript.src)

  function account(element, { token, locale, title = 'Billing' }) {
    const frame = document.createElement('iframe')
    const page = new URL('/account/session', origin)
    if (locale !== undefined) page.searchParams.set('locale', locale)
    frame.title = title
    frame.src = page.href
    frame.style.cssText = 'display: block; width: 100%; height: 40rem; border: 0'
    const sendToken = (given) =>
      frame.contentWindow.postMessage({ type: 'perennial:token', token: given }, origin)
    const listen = (event) => {
      if (event.source !== frame.contentWindow || event.origin !== origin) return
      if (event.data?.type === 'perennial:height') frame.style.height = `${event.data.height}px`
      if (event.data?.type === 'perennial:ready') void Promise.resolve(token()).then(sendToken)
    }
    addEventListener('message', listen)
    element.append(frame)
    return () => {
      removeEventListener('message', listen)
      frame.remove()
    }
  }

  globalThis.perennial = { ...globalThis.perennial, account }
})()
