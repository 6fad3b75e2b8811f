-- The audit trail of a case is a part of that of the whole log now; its old read model would lag behind for ever.
DROP TABLE IF EXISTS read_model.case_timeline, read_model_next.case_timeline;
DELETE FROM read_model.projection WHERE name = 'case_timeline';
