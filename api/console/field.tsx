import type { Child } from 'hono/jsx'

type FieldProps = {
  readonly id: string
  readonly label: string
  /** Shown below the field. */
  readonly hint?: Child
  readonly name?: string
  readonly type?: string
  readonly value?: string | undefined
  readonly required?: boolean
  readonly placeholder?: string
  readonly maxlength?: number
  readonly min?: string
  readonly max?: string
  readonly inputmode?: 'decimal' | 'numeric'
}

/** A text field with its label. */
export const Field = ({ id, label, hint, name = id, type = 'text', ...rest }: FieldProps) => (
  <div>
    <label for={id}>{label}</label>
    <input
      id={id}
      name={name}
      type={type}
      autocomplete="off"
      {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
      {...rest}
    />
    {hint !== undefined && (
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    )}
  </div>
)

type SelectProps = {
  readonly id: string
  readonly label: string
  readonly name?: string
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly selected?: string | undefined
}

/** A choice of one among several, with its label. */
export const Select = ({ id, label, name = id, options, selected }: SelectProps) => (
  <div>
    <label for={id}>{label}</label>
    <select id={id} name={name}>
      {options.map(({ value, text }) => (
        <option value={value} selected={value === selected}>
          {text}
        </option>
      ))}
    </select>
  </div>
)

type FoldProps = { readonly title: string; readonly children: Child; readonly open?: boolean }

/** A part of a page that opens on request. */
export const Fold = ({ title, children, open = false }: FoldProps) => (
  <details open={open}>
    <summary>{title}</summary>
    {children}
  </details>
)
