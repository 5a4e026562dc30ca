using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Migrations;

/// <summary>Lets the audit log be searched by any words in it, without keeping them twice. Written by hand.</summary>
[DbContext(typeof(PortalContext))]
[Migration("20261126000000_AuditSearch")]
public sealed class AuditSearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE FUNCTION audit.words(title text, actor text, before jsonb, after jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
            RETURN lower(title || ' ' || actor || ' ' || coalesce(before::text, '') || ' ' || coalesce(after::text, ''));

        CREATE INDEX ix_entries_words ON audit.entries USING gin (audit.words(title, actor_name, before, after) gin_trgm_ops);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP INDEX audit.ix_entries_words;
        DROP FUNCTION audit.words(text, text, jsonb, jsonb);
        """);
}
