using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Migrations;

/// <summary>Finds runbooks by their words, and by likeness for words that were typed wrong. Columns that only SQL reads. Written by hand.</summary>
[DbContext(typeof(PortalContext))]
[Migration("20261125000000_RunbookSearch")]
public sealed class RunbookSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE runbooks.runbooks ADD COLUMN words tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('simple', title), 'B')
            || setweight(to_tsvector('english', text), 'C') || setweight(to_tsvector('simple', text), 'D')) STORED;
        CREATE INDEX ix_runbooks_words ON runbooks.runbooks USING gin (words);
        CREATE INDEX ix_runbooks_likeness ON runbooks.runbooks USING gin (lower(title || ' ' || text) gin_trgm_ops);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP INDEX runbooks.ix_runbooks_likeness;
        ALTER TABLE runbooks.runbooks DROP COLUMN words;
        """);
}
