import { NAME_MAX_CHARACTERS } from '../../domain/customer/details.ts'
import { ActionForm, type ActionsProps } from './action-form.tsx'
import { Field, Fold } from './field.tsx'

/** The e-mail address and the name of the customer. An empty field changes nothing. */
export const ChangeCustomer = (props: ActionsProps) => {
  const { customer } = props.details
  return (
    <Fold title="E-mail and name">
      <ActionForm {...props} act="change-customer" submit="Save" tone="primary">
        <Field
          id="customer_email"
          name="email"
          type="email"
          label="E-mail"
          value={customer?.email ?? ''}
          hint="E-mails go to this address from now on."
        />
        <Field
          id="customer_name"
          name="name"
          label="Name"
          value={customer?.name ?? ''}
          maxlength={NAME_MAX_CHARACTERS}
          hint="On Stripe’s invoices. An empty field stays as it is."
        />
      </ActionForm>
    </Fold>
  )
}
