-- Two roles for PostgreSQL: the owner makes and changes tables, the application reads and writes rows.
-- Run once as a superuser, in the database of Lotgate, after setting passwords:
--   psql -v owner_password=... -v app_password=... -f deploy/postgres_roles.sql
-- Upgrades run as lotgate_owner (lotgate serve once with its address, or lotgate doctor), the server as lotgate_app.
create role lotgate_owner login password :'owner_password';
create role lotgate_app login password :'app_password';
grant create, usage on schema public to lotgate_owner;
grant usage on schema public to lotgate_app;

-- Whatever the owner makes, the application may read and write; nothing is ever deleted.
alter default privileges for role lotgate_owner in schema public
  grant select, insert, update on tables to lotgate_app;

-- What exists already, and above all the log: it is only ever added to (AUD-1).
do $$
declare
  known record;
begin
  for known in select tablename from pg_tables where schemaname = 'public' loop
    execute format('alter table %I owner to lotgate_owner', known.tablename);
    execute format('grant select, insert, update on %I to lotgate_app', known.tablename);
  end loop;
  if to_regclass('public.event') is not null then
    revoke update, delete, truncate on event from lotgate_app;
  end if;
end $$;
