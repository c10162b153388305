import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { readForm } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { plainPage } from './layout.tsx'
import { showOverview } from './overview.tsx'
import type { AccountEnvironment } from './session.ts'
import { visitOf } from './setting.ts'

const checkoutAnswer = z.object({ checkout_url: z.url().nullable() })
const portalAnswer = z.object({ url: z.url() })

/** The forms that lead to Stripe's pages: checkout and the billing portal. */
export function atStripe(setting: PageSetting) {
  const { ask, publicUrl } = setting
  const home = `${publicUrl}/account`
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
          success_url: `${home}?done=payment`,
          cancel_url: home,
        },
      })
      if (!answer.ok) return showOverview(c, setting, { problem: answer.problem.code })
      const { checkout_url: url } = checkoutAnswer.parse(answer.body)
      return url === null ? c.redirect('/account?done=checkout', 303) : leaveFor(c, setting, url)
    })
    .post('/account/portal', async (c) => {
      const answer = await ask({
        caller: c.get('visitor').caller,
        requestId: c.get('requestId'),
        method: 'POST',
        path: '/portal',
        body: { return_url: home },
      })
      if (!answer.ok) return showOverview(c, setting, { problem: answer.problem.code })
      return leaveFor(c, setting, portalAnswer.parse(answer.body).url)
    })
}

/** Leads to `url` by a page of our own: the content security policy lets no form redirect to another site. */
async function leaveFor(c: Context<AccountEnvironment>, setting: PageSetting, url: string) {
  const visit = await visitOf(c, setting)
  const { leaving, leave } = visit.texts
  c.header('refresh', `0; url=${url}`)
  const children = (
    <p>
      <a class="button primary" href={url}>
        {leave}
      </a>
    </p>
  )
  return c.html(plainPage({ title: leaving, assets: setting.assets, speech: visit, children }))
}
