-- name: definition
CREATE TABLE public_notice (
    notice_id           text PRIMARY KEY,
    case_id             text NOT NULL,
    position            bigint NOT NULL,
    changed_at_position bigint NOT NULL,
    opens_on            date NOT NULL,
    closes_on           date NOT NULL,
    timezone            text NOT NULL,
    elapsed_on          date,
    ended_on            date,
    versions            integer NOT NULL DEFAULT 1,
    published           integer NOT NULL DEFAULT 0,
    lodged              integer NOT NULL DEFAULT 0,
    open_objections     text[] NOT NULL DEFAULT '{}',
    outcomes            jsonb NOT NULL DEFAULT '{}',
    settled_on          date,
    notice              jsonb NOT NULL
);
-- The planner keeps samples of columns where no vacuum of ours reaches: of what names people it gets none.
ALTER TABLE public_notice ALTER COLUMN notice SET STATISTICS 0;

-- name: indexes
CREATE INDEX public_notice_case ON public_notice (case_id);
CREATE INDEX public_notice_open ON public_notice (closes_on) WHERE elapsed_on IS NULL AND ended_on IS NULL;
CREATE INDEX public_notice_recent ON public_notice (position DESC);
CREATE INDEX public_notice_unpublished ON public_notice (position)
    WHERE published < versions AND elapsed_on IS NULL AND ended_on IS NULL;
CREATE INDEX public_notice_changed ON public_notice (changed_at_position);

-- name: insert
INSERT INTO public_notice (notice_id, case_id, position, changed_at_position, opens_on, closes_on, timezone, notice)
VALUES ($1, $2, $3, $3, $4, $5, $6, $7)
ON CONFLICT (notice_id) DO NOTHING;

-- name: elapse
UPDATE public_notice SET elapsed_on = $2, changed_at_position = $3 WHERE notice_id = $1;

-- name: recount
UPDATE public_notice
SET closes_on = $2, changed_at_position = $6, versions = versions + 1, notice = notice || jsonb_build_object(
    'window', $3::jsonb, 'recounted', $4::jsonb, 'versions', (notice -> 'versions') || jsonb_build_array(
        $5::jsonb || jsonb_build_object('number', versions + 1)))
WHERE case_id = $1 AND elapsed_on IS NULL AND ended_on IS NULL;

-- name: kept
SELECT notice FROM public_notice WHERE notice_id = $1;

-- name: correct
UPDATE public_notice SET closes_on = $2, notice = $3::jsonb, changed_at_position = $4, versions = versions + 1
WHERE notice_id = $1;

-- name: take_names_down
UPDATE public_notice SET notice = jsonb_set(notice, '{candidates}', '[]'), changed_at_position = $2
WHERE case_id = $1 AND elapsed_on IS NOT NULL AND open_objections = '{}' AND notice -> 'candidates' <> '[]';

-- name: take_name_down
UPDATE public_notice
SET changed_at_position = $4, versions = versions + 1, notice = notice || jsonb_build_object(
    'candidates', coalesce(
        (SELECT jsonb_agg(found ORDER BY place)
         FROM jsonb_array_elements(notice -> 'candidates') WITH ORDINALITY AS c (found, place)
         WHERE found ->> 'candidate_id' <> $2), '[]'),
    'versions', (notice -> 'versions') || jsonb_build_array(
        $3::jsonb || jsonb_build_object('number', versions + 1)))
WHERE case_id = $1 AND notice -> 'candidates' @> jsonb_build_array(jsonb_build_object('candidate_id', $2::text));

-- name: say
UPDATE public_notice
SET changed_at_position = $4, notice = jsonb_set(notice, '{said}', coalesce(
    (SELECT jsonb_agg(said ORDER BY place)
     FROM jsonb_array_elements(notice -> 'said') WITH ORDINALITY AS s (said, place)
     WHERE said ->> 'entry_id' <> $2), '[]') || jsonb_build_array($3::jsonb))
WHERE case_id = $1 AND position = (SELECT max(position) FROM public_notice WHERE case_id = $1);

-- name: publish
UPDATE public_notice
SET changed_at_position = $4, published = greatest(published, $2),
    notice = jsonb_set(notice, ARRAY['versions', ($2::integer - 1)::text, 'published'], $3)
WHERE notice_id = $1 AND versions >= $2;

-- name: end
UPDATE public_notice
SET ended_on = CASE WHEN elapsed_on IS NULL THEN coalesce(ended_on, $2::date) END,
    notice = notice || jsonb_build_object('candidates', '[]'::jsonb, 'withdrawn', $4 OR (notice ->> 'withdrawn')::boolean),
    changed_at_position = $3
WHERE case_id = $1;

-- name: add_objection
UPDATE public_notice
SET lodged = lodged + 1, open_objections = open_objections || $2::text, changed_at_position = $3
WHERE case_id = $1 AND position = (SELECT max(position) FROM public_notice WHERE case_id = $1);

-- name: dispose_objection
UPDATE public_notice
SET open_objections = array_remove(open_objections, $2), changed_at_position = $4, settled_on = $5,
    outcomes = outcomes || jsonb_build_object($3::text, coalesce((outcomes ->> $3)::integer, 0) + 1)
WHERE case_id = $1 AND $2 = ANY (open_objections);

-- name: one
SELECT * FROM read_model.public_notice WHERE notice_id = $1;

-- name: last_change
SELECT coalesce(max(changed_at_position), -1) FROM read_model.public_notice;

-- name: mark
SELECT changed_at_position, timezone FROM read_model.public_notice WHERE notice_id = $1;

-- name: after
SELECT * FROM read_model.public_notice WHERE position > $1 ORDER BY position LIMIT $2;

-- name: every
SELECT * FROM read_model.public_notice ORDER BY position;

-- name: soonest_first
SELECT * FROM read_model.public_notice
WHERE elapsed_on IS NULL AND ended_on IS NULL AND (closes_on, position) > ($1, $2) AND opens_on BETWEEN $3 AND $4
    AND (cardinality($5::text[]) = 0 OR notice::text ILIKE ALL ($5))
ORDER BY closes_on, position LIMIT $6;

-- name: latest_first
SELECT * FROM read_model.public_notice
WHERE position < $1 AND ($2::date IS NULL OR closes_on <= $2 OR elapsed_on IS NOT NULL OR ended_on IS NOT NULL)
    AND (cardinality($3::text[]) = 0 OR notice::text ILIKE ALL ($3))
ORDER BY position DESC LIMIT $4;

-- name: unpublished
SELECT * FROM read_model.public_notice
WHERE published < versions AND elapsed_on IS NULL AND ended_on IS NULL
    AND (notice -> 'versions' -> -1 ->> 'position')::bigint < $1
ORDER BY position LIMIT 100;
