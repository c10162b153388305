/*
 * On the account page. Signed out, it takes over a user's token: from the address (`#token=…`), or, within another page, from
 * that page, which must be of an origin that is named here. Signed in within another page, it tells that page its height.
 */
;(() => {
  const within = globalThis.parent !== globalThis
  const handover = document.querySelector('form[data-handover]')
  const tell = (message) => {
    if (within) globalThis.parent.postMessage(message, '*')
  }

  if (handover === null) {
    // What it said is known by now, and a session that ends later is not one that was never kept.
    if (location.search === '?signed=yes') history.replaceState(null, '', location.pathname)
    const height = () => tell({ type: 'perennial:height', height: document.body.offsetHeight })
    if (within) new ResizeObserver(height).observe(document.body)
    return
  }

  const origins = handover.dataset.origins.split(' ').filter(Boolean)
  const signIn = (token) => {
    handover.elements.token.value = token
    handover.elements.embedded.value = within ? 'yes' : ''
    handover.submit()
  }
  const [, given] = /^#token=([\w.-]+)$/.exec(location.hash) ?? []
  if (given !== undefined) {
    // It is not left in the history.
    history.replaceState(null, '', location.pathname + location.search)
    signIn(given)
    return
  }
  if (!within || handover.dataset.tried === 'yes') return
  addEventListener('message', (event) => {
    const { type, token } = event.data ?? {}
    const isAllowed = event.source === globalThis.parent && origins.includes(event.origin)
    if (isAllowed && type === 'perennial:token' && typeof token === 'string') signIn(token)
  })
  tell({ type: 'perennial:ready' })
})()
