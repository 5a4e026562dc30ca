using System.Security.Claims;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Escalation;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Engine.Running;
using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

namespace PartnerPortal.ComponentTests.Shell;

public sealed class SelfWatchBannerTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private readonly SelfWatch _watch = new();
    private readonly BunitAuthorizationContext _who;

    public SelfWatchBannerTests()
    {
        Services.AddSingleton(_watch).AddSingleton(TimeProvider.System);
        _who = AddAuthorization();
        SetRendererInfo(new RendererInfo("Server", true));
    }

    [Fact]
    public void Whoever_responds_reads_what_is_late()
    {
        SignIn(Role.Operator);
        _watch.Saw(Standing(0), Now);
        Assert.Empty(Render<SelfWatchBanner>().Markup.Trim());
        _watch.Saw(Standing(2), Now);
        Assert.Contains("2 escalation steps are late, by up to 1 min 30 s.", Render<SelfWatchBanner>().Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Guests_do_not()
    {
        SignIn(Role.Guest);
        _watch.Saw(Standing(2), Now);
        Assert.Empty(Render<SelfWatchBanner>().Markup.Trim());
    }

    protected override void Dispose(bool disposing)
    {
        _watch.Dispose();
        base.Dispose(disposing);
    }

    private void SignIn(Role role)
    {
        _who.SetAuthorized("somebody@example.com");
        _who.SetClaims(new Claim(PortalClaims.Role, Words.Of(role)), new Claim(ClaimTypes.NameIdentifier, Guid.NewGuid().ToString()));
    }

    private static PagingStanding Standing(int late) => new(late, TimeSpan.FromSeconds(late * 45), 0, TimeSpan.Zero, 0, TimeSpan.Zero, [], Now);
}
