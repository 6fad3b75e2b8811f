-- name: definition
CREATE TABLE public_notice (
    notice_id       text PRIMARY KEY,
    case_id         text NOT NULL,
    position        bigint NOT NULL,
    closes_on       date NOT NULL,
    elapsed_on      date,
    ended_on        date,
    open_objections integer NOT NULL DEFAULT 0,
    notice          jsonb NOT NULL
);
-- The planner keeps samples of columns where no vacuum of ours reaches: of what names people it gets none.
ALTER TABLE public_notice ALTER COLUMN notice SET STATISTICS 0;

-- name: indexes
CREATE INDEX public_notice_case ON public_notice (case_id);
CREATE INDEX public_notice_open ON public_notice (closes_on) WHERE elapsed_on IS NULL AND ended_on IS NULL;
CREATE INDEX public_notice_recent ON public_notice (position DESC);

-- name: insert
INSERT INTO public_notice (notice_id, case_id, position, closes_on, notice) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (notice_id) DO NOTHING;

-- name: elapse
UPDATE public_notice SET elapsed_on = $2 WHERE notice_id = $1;

-- name: recount
UPDATE public_notice
SET closes_on = $2, notice = notice || jsonb_build_object('window', $3::jsonb, 'recounted', $4::jsonb)
WHERE case_id = $1 AND elapsed_on IS NULL AND ended_on IS NULL;

-- name: take_names_down
UPDATE public_notice SET notice = jsonb_set(notice, '{candidates}', '[]')
WHERE case_id = $1 AND elapsed_on IS NOT NULL AND open_objections = 0;

-- name: take_name_down
UPDATE public_notice
SET notice = jsonb_set(notice, '{candidates}', coalesce(
    (SELECT jsonb_agg(found ORDER BY place)
     FROM jsonb_array_elements(notice -> 'candidates') WITH ORDINALITY AS c (found, place)
     WHERE found ->> 'candidate_id' <> $2), '[]'))
WHERE case_id = $1;

-- name: end
UPDATE public_notice
SET ended_on = CASE WHEN elapsed_on IS NULL THEN coalesce(ended_on, $2::date) END, notice = jsonb_set(notice, '{candidates}', '[]')
WHERE case_id = $1;

-- name: add_objection
UPDATE public_notice SET open_objections = open_objections + $2
WHERE case_id = $1 AND position = (SELECT max(position) FROM public_notice WHERE case_id = $1);

-- name: one
SELECT * FROM read_model.public_notice WHERE notice_id = $1;

-- name: open
SELECT * FROM read_model.public_notice WHERE elapsed_on IS NULL AND ended_on IS NULL ORDER BY closes_on, notice_id LIMIT $1;

-- name: recent
SELECT * FROM read_model.public_notice WHERE coalesce(elapsed_on, ended_on) IS NOT NULL
ORDER BY coalesce(elapsed_on, ended_on) DESC, position DESC LIMIT $1;

-- name: every
SELECT * FROM read_model.public_notice ORDER BY position;
