-- A window that has or once had grants, an override or reservations keeps the mark. `consume_usage_plainly` decides windows
-- without it by their own row alone: setting it back would let usage ignore what was granted or reserved.
-- The trigger costs usage nothing: counting does not write the column.

create trigger extras_of_a_window_stay before update of has_extras on feature_usage
  for each row when (old.has_extras and not new.has_extras) execute function refuse_extras_set_back();
