import type { Units } from '../../domain/catalogue/pooled-plan.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { QUANTITY_MAX } from '../plans/fields.ts'
import { addonField } from '../web/items-form.ts'
import { Alert, CallFields, Card } from '../web/parts.tsx'
import { featuresOf } from './plans.tsx'
import type { Visit } from './setting.ts'

type Props = {
  readonly subscription: Subscription
  readonly choices: readonly Units[]
  readonly visit: Visit
  readonly nameOf: (code: string) => string
}

/** The units of each add-on, to review before anything changes. */
export const AddonForm = ({ subscription, choices, visit, nameOf }: Props) => {
  const { texts, visitor } = visit
  if (choices.length === 0)
    return (
      <Card title={texts.addons} id="addons">
        <p class="empty">{texts.noAddons}</p>
        <p>
          <a href="/account">{texts.back}</a>
        </p>
      </Card>
    )
  return (
    <Card title={texts.chooseAddons} id="addons">
      {subscription.pendingChange !== null && (
        <Alert tone="info">
          <p>{texts.replacesPending}</p>
        </Alert>
      )}
      <form
        method="post"
        action={`/account/subscriptions/${subscription.id}/addons`}
        class="fields"
      >
        <CallFields token={visitor.csrf} />
        <p class="muted">{texts.addonsHint}</p>
        <ul class="plans">
          {choices.map((units) => (
            <AddonUnits units={units} visit={visit} nameOf={nameOf} />
          ))}
        </ul>
        <div>
          <label for="when">{texts.when}</label>
          <select id="when" name="when">
            <option value="">{texts.whenUsual}</option>
            <option value="period_end">{texts.whenLater}</option>
          </select>
        </div>
        <div class="buttons">
          <button class="primary">{texts.preview}</button>
          <a class="button quiet" href="/account">
            {texts.back}
          </a>
        </div>
      </form>
    </Card>
  )
}

type UnitsProps = Pick<Props, 'visit' | 'nameOf'> & { readonly units: Units }

const AddonUnits = ({ units: { plan, quantity }, visit, nameOf }: UnitsProps) => {
  const { texts, format } = visit
  const { price, slug, name, period } = plan
  return (
    <li>
      <div>
        <h3>{name}</h3>
        <p class="muted">
          {texts.each(`${format.money(price.amountMinor, price.currency)} ${texts.per(period)}`)}
        </p>
      </div>
      <input
        id={`units-${slug}`}
        class="units"
        name={addonField(plan)}
        type="number"
        min="0"
        max={String(QUANTITY_MAX)}
        value={String(quantity)}
        aria-label={`${texts.quantity}: ${name}`}
        required
      />
      <p class="features">{featuresOf(plan, visit, nameOf)}</p>
    </li>
  )
}
