import type { Context } from 'hono'
import type { Form } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { plainPage } from './layout.tsx'
import { speechOfRequest } from './setting.ts'

type Named = { readonly userId: string; readonly email: string | null }

type Question = {
  readonly c: Context
  readonly setting: PageSetting
  /** The user of the link's token. */
  readonly outcome: Named
  readonly form: Form
  /** The user who is signed in. */
  readonly present: Named | undefined
}

const nameOf = ({ email, userId }: Named) => email ?? userId

/** Asks before a link signs in: it says whose page it opens, and whose session it ends. */
export function confirmSignIn({ c, setting, outcome, form, present }: Question) {
  const speech = speechOfRequest(c)
  const { texts } = speech
  const locale = c.req.query('locale')
  const query = locale === undefined ? '' : `?${new URLSearchParams({ locale }).toString()}`
  return plainPage({
    title: texts.confirmSignIn,
    text: texts.aboutToOpen(nameOf(outcome)),
    assets: setting.assets,
    speech,
    children: (
      <>
        {present !== undefined && <p>{texts.endsSession(nameOf(present))}</p>}
        <form method="post" action={`/account/session${query}`} class="fields">
          <input type="hidden" name="token" value={form['token']} />
          <input type="hidden" name="embedded" value={form['embedded']} />
          <input type="hidden" name="confirmed" value="yes" />
          <div class="buttons">
            <button class="primary">{texts.continueAs(nameOf(outcome))}</button>
            <a class="button quiet" href={`/account${query}`}>
              {texts.notMe}
            </a>
          </div>
        </form>
      </>
    ),
  })
}
