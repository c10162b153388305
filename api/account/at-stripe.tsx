import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { readForm } from '../web/form.ts'
import { documentOf } from '../web/document.tsx'
import type { PageSetting } from '../web/setting.ts'
import type { accountOverview } from './overview.tsx'
import type { AccountEnvironment } from './session.ts'
import { visitOf } from './setting.ts'

const checkoutAnswer = z.object({ checkout_url: z.url().nullable() })
const portalAnswer = z.object({ url: z.url() })

/** What is done on pages of Stripe's: buying a plan, and looking after cards. */
export function atStripe(setting: PageSetting, overview: ReturnType<typeof accountOverview>) {
  const { ask, assets, publicUrl } = setting
  const home = `${publicUrl}/account`

  /** A form may not lead away from here, by what the page is allowed; a page may. */
  async function leaveFor(c: Context<AccountEnvironment>, url: string) {
    const { texts, format } = await visitOf(c, setting)
    c.header('refresh', `0; url=${url}`)
    return c.html(
      documentOf({
        title: texts.leaving,
        lang: format.locale,
        assets,
        children: (
          <main class="centered">
            <div class="card fields">
              <h1>{texts.leaving}</h1>
              <p>
                <a class="button primary" href={url}>
                  {texts.leave}
                </a>
              </p>
            </div>
          </main>
        ),
      }),
    )
  }

  return new Hono<AccountEnvironment>()
    .post('/account/checkout', async (c) => {
      const form = await readForm(c)
      const { format } = await visitOf(c, setting)
      const answer = await ask({
        caller: c.get('visitor').caller,
        requestId: c.get('requestId'),
        method: 'POST',
        path: '/subscriptions/checkout',
        key: form['key'],
        body: {
          plan_id: form['plan_id'],
          locale: format.locale,
          success_url: `${home}?done=checkout`,
          cancel_url: home,
        },
      })
      if (!answer.ok) return overview.show(c, { problem: answer.problem.code })
      const { checkout_url: url } = checkoutAnswer.parse(answer.body)
      return url === null ? c.redirect('/account?done=checkout', 303) : leaveFor(c, url)
    })
    .post('/account/portal', async (c) => {
      const answer = await ask({
        caller: c.get('visitor').caller,
        requestId: c.get('requestId'),
        method: 'POST',
        path: '/portal',
        body: { return_url: home },
      })
      if (!answer.ok) return overview.show(c, { problem: answer.problem.code })
      return leaveFor(c, portalAnswer.parse(answer.body).url)
    })
}
