/*
 * The script of the account page. Signed out, it accepts a user's token: from the address (`#token=…`), or, in a frame, from
 * the page around it, whose origin must be one of `data-origins`. Signed in, it sends that page its height.
 */
;(() => {
  const embedded = globalThis.parent !== globalThis
  const handover = document.querySelector('form[data-handover]')
  const send = (message) => {
    if (embedded) globalThis.parent.postMessage(message, '*')
  }

  if (handover === null) {
    // Without this, a session that ends later would look like a browser that keeps no cookies.
    if (location.search === '?signed=yes') history.replaceState(null, '', location.pathname)
    const height = () => send({ type: 'perennial:height', height: document.body.offsetHeight })
    if (embedded) new ResizeObserver(height).observe(document.body)
    return
  }

  const origins = handover.dataset.origins.split(' ').filter(Boolean)
  // After a link the service asks first: a stranger may have sent it.
  const signIn = (token, by) => {
    handover.elements.token.value = token
    handover.elements.embedded.value = embedded ? 'yes' : ''
    handover.elements.by.value = by
    handover.submit()
  }
  const [, given] = /^#token=([\w.-]+)$/.exec(location.hash) ?? []
  if (given !== undefined) {
    // Keeps the token out of the browser's history.
    history.replaceState(null, '', location.pathname + location.search)
    signIn(given, 'link')
    return
  }
  if (!embedded || handover.dataset.tried === 'yes') return
  addEventListener('message', (event) => {
    const { type, token } = event.data ?? {}
    const isAllowed = event.source === globalThis.parent && origins.includes(event.origin)
    if (isAllowed && type === 'perennial:token' && typeof token === 'string') signIn(token, 'page')
  })
  send({ type: 'perennial:ready' })
})()
