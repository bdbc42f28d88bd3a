drop function app.read_tags(json, uuid), app.read_tags(json), app.read_counts(json, integer);
