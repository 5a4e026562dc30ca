using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using PartnerPortal.Data.Access;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Web.Access;

/// <summary>Who an open page belongs to, kept true while it is open: an ended session, a disabled person or another role reaches it at once by NOTIFY, and within a minute without.</summary>
internal sealed class LivePerson : ServerAuthenticationStateProvider, IDisposable
{
    private static readonly TimeSpan LookAtLeastEvery = TimeSpan.FromSeconds(60);
    private readonly SessionStore _sessions;
    private readonly ChangeFeed _changes;
    private readonly TimeProvider _clock;
    private readonly ILogger<LivePerson> _log;
    private readonly CancellationTokenSource _gone = new();
    private readonly SemaphoreSlim _look = new(0);
    private ClaimsPrincipal _now = PortalClaims.Nobody;
    private bool _follows;

    public LivePerson(SessionStore sessions, ChangeFeed changes, TimeProvider clock, ILogger<LivePerson> log)
    {
        (_sessions, _changes, _clock, _log) = (sessions, changes, clock, log);
        AuthenticationStateChanged += state => _ = FollowAsync(state);
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _look.Dispose();
    }

    private async Task FollowAsync(Task<AuthenticationState> state)
    {
        _now = (await state).User;
        if (_follows || _now.SessionId() is not { } session)
        {
            return;
        }

        _follows = true;
        var person = _now.ToActor().Id;
        var gone = _gone.Token;
        using var subscription = _changes.Subscribe(change =>
        {
            if (change == ChangeFeed.Everything || (change.Kind == "session" && change.Id == session) || (change.Kind == "person" && change.Id == person))
            {
                Look();
            }
        });
        try
        {
            while (await StillAsync(session, gone))
            {
                await _look.WaitAsync(LookAtLeastEvery, gone);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page was closed.
        }
    }

    private async Task<bool> StillAsync(Guid session, CancellationToken cancel)
    {
        try
        {
            var row = await _sessions.FindAsync(session, cancel);
            var found = row is null ? PortalClaims.Nobody : PortalClaims.Of(row);
            if (!Same(found, _now))
            {
                SetAuthenticationState(Task.FromResult(new AuthenticationState(found)));
            }

            return row is not null;
        }
        catch (Exception e) when (DatabaseAway.Is(e) && !cancel.IsCancellationRequested)
        {
            _log.LogWarning("Whether a session still holds could not be asked: {Reason}", e.Message);
            await Task.Delay(TimeSpan.FromSeconds(5), _clock, cancel);
            return true;
        }
    }

    private void Look()
    {
        try
        {
            if (_look.CurrentCount == 0)
            {
                _look.Release();
            }
        }
        catch (ObjectDisposedException)
        {
            // The page was closed meanwhile.
        }
    }

    private static bool Same(ClaimsPrincipal a, ClaimsPrincipal b) =>
        a.Claims.Select(c => (c.Type, c.Value)).ToHashSet().SetEquals(b.Claims.Select(c => (c.Type, c.Value)));
}
