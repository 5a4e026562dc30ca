using Microsoft.EntityFrameworkCore.Design;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Migrations;

/// <summary>Lets <c>dotnet ef</c> read the model without a host and without a database.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<PortalContext>
{
    public PortalContext CreateDbContext(string[] args) => new(ContextOptions.Standalone("Host=localhost;Database=design"));
}
