using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Domain.Access;
using PartnerPortal.TestKit;

namespace PartnerPortal.BrowserTests.Reviews;

/// <summary>A journey through a review of the music shop.</summary>
public abstract class ReviewJourney(TestServer server, Chromium chromium) : Journey(server, chromium)
{
    /// <summary>Cancelled when the run is.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Where reviews are kept.</summary>
    protected ReviewStore Reviews => App.Services.GetRequiredService<ReviewStore>();

    /// <summary>Where invitations are kept.</summary>
    protected ReviewInvitationStore Invitations => App.Services.GetRequiredService<ReviewInvitationStore>();

    /// <summary>Enters the partner.</summary>
    protected Task EnterPartnerAsync() => App.Services.GetRequiredService<PartnerStore>().EnterAsync(new(Name: "Tunes Ltd", Slug: "tunes"), null, TestDatabase.Ana, Cancel);

    /// <summary>Enters the partner and starts its initial technical review.</summary>
    protected async Task<Guid> StartReviewAsync()
    {
        await EnterPartnerAsync();
        return (await Reviews.StartAsync("tunes", "main", "initial-technical-review", TestDatabase.Ana, Cancel)).Id;
    }

    /// <summary>Invites the partner's engineer li@tunes.example; answers the path of the link.</summary>
    protected async Task<string> InviteAsync(Guid review)
    {
        var engineer = await App.PersonAsync(Role.Engineer);
        return "/guest/" + (await Invitations.InviteAsync(review, new("li@tunes.example"), new(engineer.Id, engineer.Email!, Role.Engineer), Cancel)).Secret;
    }
}
