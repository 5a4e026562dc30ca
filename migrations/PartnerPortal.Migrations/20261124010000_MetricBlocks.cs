using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Migrations;

/// <summary>
/// The tables of samples, partitioned by time: what is old goes by dropping a table, without a row being touched. Each has a
/// partition for the rest, so that no row is ever refused because its time was not expected. EF does not know them. Written by hand.
/// </summary>
[DbContext(typeof(PortalContext))]
[Migration("20261124010000_MetricBlocks")]
public sealed class MetricBlocks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE metrics.scrapes (source_id uuid NOT NULL, at bigint NOT NULL, fence bigint NOT NULL, data bytea NOT NULL,
            PRIMARY KEY (source_id, at)) PARTITION BY RANGE (at);
        CREATE TABLE metrics.pushes (source_id uuid NOT NULL, at bigint NOT NULL, part uuid NOT NULL, data bytea NOT NULL,
            PRIMARY KEY (source_id, at, part)) PARTITION BY RANGE (at);
        CREATE TABLE metrics.blocks (source_id uuid NOT NULL, from_at bigint NOT NULL, to_at bigint NOT NULL, merged boolean NOT NULL DEFAULT false,
            scrapes integer NOT NULL, index bytea NOT NULL, data bytea NOT NULL, PRIMARY KEY (source_id, from_at)) PARTITION BY RANGE (from_at);
        CREATE TABLE metrics.rollups_5m (source_id uuid NOT NULL, from_at bigint NOT NULL, index bytea NOT NULL, data bytea NOT NULL,
            PRIMARY KEY (source_id, from_at)) PARTITION BY RANGE (from_at);
        CREATE TABLE metrics.rollups_1h (source_id uuid NOT NULL, from_at bigint NOT NULL, index bytea NOT NULL, data bytea NOT NULL,
            PRIMARY KEY (source_id, from_at)) PARTITION BY RANGE (from_at);

        CREATE INDEX blocks_to_merge ON metrics.blocks (from_at) WHERE NOT merged;

        -- Samples are packed already; stored as they are, one series is fetched without unpacking the others.
        ALTER TABLE metrics.scrapes ALTER COLUMN data SET STORAGE EXTERNAL;
        ALTER TABLE metrics.pushes ALTER COLUMN data SET STORAGE EXTERNAL;
        ALTER TABLE metrics.blocks ALTER COLUMN data SET STORAGE EXTERNAL, ALTER COLUMN index SET STORAGE EXTERNAL;
        ALTER TABLE metrics.rollups_5m ALTER COLUMN data SET STORAGE EXTERNAL, ALTER COLUMN index SET STORAGE EXTERNAL;
        ALTER TABLE metrics.rollups_1h ALTER COLUMN data SET STORAGE EXTERNAL, ALTER COLUMN index SET STORAGE EXTERNAL;

        -- The numbers of series. Their rows hold packed bytes, some thousand each: better in place than in a table of their own.
        CREATE SEQUENCE metrics.series_numbers AS integer;
        ALTER TABLE metrics.series SET (toast_tuple_target = 8160), ALTER COLUMN labels SET STORAGE EXTERNAL, ALTER COLUMN hashes SET STORAGE EXTERNAL;

        CREATE TABLE metrics.scrapes_rest PARTITION OF metrics.scrapes DEFAULT;
        CREATE TABLE metrics.pushes_rest PARTITION OF metrics.pushes DEFAULT;
        CREATE TABLE metrics.blocks_rest PARTITION OF metrics.blocks DEFAULT;
        CREATE TABLE metrics.rollups_5m_rest PARTITION OF metrics.rollups_5m DEFAULT;
        CREATE TABLE metrics.rollups_1h_rest PARTITION OF metrics.rollups_1h DEFAULT;

        -- What fits into a page stays in it: a row of the log is written once instead of three times (its place, its pieces, their index).
        ALTER TABLE metrics.scrapes_rest SET (toast_tuple_target = 8160);
        ALTER TABLE metrics.pushes_rest SET (toast_tuple_target = 8160);
        ALTER TABLE metrics.blocks_rest SET (toast_tuple_target = 8160);
        ALTER TABLE metrics.rollups_5m_rest SET (toast_tuple_target = 8160);
        ALTER TABLE metrics.rollups_1h_rest SET (toast_tuple_target = 8160);

        -- Makes the partition of a table from one instant on; rows that wait in the rest move into it. False when it is there already.
        CREATE FUNCTION metrics.partition(parent text, key text, first bigint, width bigint) RETURNS boolean LANGUAGE plpgsql AS $$
        DECLARE
            name text := parent || '_' || first / width;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('metrics.partition ' || name));
            IF to_regclass('metrics.' || quote_ident(name)) IS NOT NULL THEN
                RETURN false;
            END IF;
            EXECUTE format('CREATE TABLE metrics.%I (LIKE metrics.%I INCLUDING DEFAULTS INCLUDING STORAGE) WITH (toast_tuple_target = 8160)', name, parent);
            EXECUTE format('WITH moved AS (DELETE FROM metrics.%I WHERE %I >= %s AND %I < %s RETURNING *) INSERT INTO metrics.%I SELECT * FROM moved',
                parent || '_rest', key, first, key, first + width, name);
            EXECUTE format('ALTER TABLE metrics.%I ATTACH PARTITION metrics.%I FOR VALUES FROM (%s) TO (%s)', parent, name, first, first + width);
            RETURN true;
        END $$;

        CREATE FUNCTION metrics.forget_source() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM metrics.scrapes WHERE source_id = OLD.id;
            DELETE FROM metrics.pushes WHERE source_id = OLD.id;
            DELETE FROM metrics.blocks WHERE source_id = OLD.id;
            DELETE FROM metrics.rollups_5m WHERE source_id = OLD.id;
            DELETE FROM metrics.rollups_1h WHERE source_id = OLD.id;
            DELETE FROM metrics.series WHERE source_id = OLD.id;
            DELETE FROM metrics.sealed WHERE source_id = OLD.id;
            DELETE FROM metrics.forwarded WHERE source_id = OLD.id;
            RETURN NULL;
        END $$;

        CREATE TRIGGER forgotten AFTER DELETE ON metrics.sources FOR EACH ROW EXECUTE FUNCTION metrics.forget_source();
        CREATE TRIGGER forgotten AFTER DELETE ON metrics.writers FOR EACH ROW EXECUTE FUNCTION metrics.forget_source();
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP TRIGGER forgotten ON metrics.writers;
        DROP TRIGGER forgotten ON metrics.sources;
        DROP FUNCTION metrics.forget_source();
        DROP FUNCTION metrics.partition(text, text, bigint, bigint);
        DROP SEQUENCE metrics.series_numbers;
        DROP TABLE metrics.scrapes, metrics.pushes, metrics.blocks, metrics.rollups_5m, metrics.rollups_1h;
        """);
}
