import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Engine } from '../engine.ts'
import { layout } from './layout.ts'
import { dayText, moneyText } from './money.ts'

/** Enough to find the latest checkout. */
const SHOWN = 10

/** `/`: the start page of the simulator, with its latest checkouts and subscriptions. */
export function indexRoutes(engine: Engine): Hono {
  const routes = new Hono()
  routes.get('/', async (c) => {
    await engine.settle()
    const sessions = [...engine.store.rows('checkoutSessions')].slice(0, SHOWN)
    const subscriptions = [...engine.store.rows('subscriptions')].slice(0, SHOWN)
    const page = layout(
      'Stripe simulator',
      html`
        <h1>Stripe simulator</h1>
        <p class="soft">Simulated time: ${new Date(engine.now() * 1000).toISOString()}</p>
        <h2>Checkouts</h2>
        ${sessions.length === 0 ? html`<p class="soft">None yet.</p>` : ''}
        <table>
          ${sessions.map(
            (each) =>
              html`<tr>
                <td>
                  <a href="/c/pay/${each.id}">${each.customer_details?.email ?? 'Checkout'}</a>
                </td>
                <td>
                  ${moneyText(each.amount_total ?? 0, each.currency ?? 'usd')} · ${each.status}
                </td>
              </tr>`,
          )}
        </table>
        <h2>Subscriptions</h2>
        ${subscriptions.length === 0 ? html`<p class="soft">None yet.</p>` : ''}
        <table>
          ${subscriptions.map(
            (each) =>
              html`<tr>
                <td>${dayText(each.created)}</td>
                <td>${each.status}</td>
              </tr>`,
          )}
        </table>
        <p class="soft"><a href="/_simulator/state">State</a>: rows, rules and the next event.</p>
      `,
    )
    return c.html(page)
  })
  return routes
}
