using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Migrations;

/// <summary>Blocks of samples are packed already; stored as they are, one series is fetched without unpacking the others. Written by hand.</summary>
[DbContext(typeof(PortalContext))]
[Migration("20261124010000_MetricBlocks")]
public sealed class MetricBlocks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE metrics.blocks ALTER COLUMN data SET STORAGE EXTERNAL, ALTER COLUMN index SET STORAGE EXTERNAL;
        ALTER TABLE metrics.scrapes ALTER COLUMN data SET STORAGE EXTERNAL;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE metrics.blocks ALTER COLUMN data SET STORAGE EXTENDED, ALTER COLUMN index SET STORAGE EXTENDED;
        ALTER TABLE metrics.scrapes ALTER COLUMN data SET STORAGE EXTENDED;
        """);
}
