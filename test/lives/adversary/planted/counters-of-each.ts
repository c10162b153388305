import type { Plant } from '../play.ts'

/** Usage is counted for each subscription, and not for the customer. */
export const countersOfEach: Plant = async ({ database }) => {
  // Before customers had counters of their own, there was nothing to plant.
  const { rows } = await database.pool.query(
    `select from information_schema.columns where table_name = 'subscriptions' and column_name = 'usage_home'`,
  )
  if (rows.length === 0) return
  await database.pool.query(
    `create function own_home() returns trigger language plpgsql as $$
     begin
       new.usage_home := new.id;
       return new;
     end $$;
     create trigger zz_own_home before insert on subscriptions for each row execute function own_home()`,
  )
}
