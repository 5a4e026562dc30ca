using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Migrations;

/// <summary>What the tables lean on: the clock that tests can move, and an immutable join for generated columns. Written by hand.</summary>
[DbContext(typeof(PortalContext))]
[Migration("20261122000000_Foundations")]
public sealed class Foundations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE SCHEMA IF NOT EXISTS portal;

        CREATE FUNCTION portal.now() RETURNS timestamptz LANGUAGE sql STABLE
            RETURN pg_catalog.now();

        CREATE FUNCTION portal.joined(words text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
            RETURN array_to_string(words, ' ');
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP FUNCTION portal.joined(text[]);
        DROP FUNCTION portal.now();
        """);
}
