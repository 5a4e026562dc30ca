namespace PartnerPortal.SamplePartner;

internal sealed record PurchaseRequest(string? TrackId, string? Payment);

internal sealed record RefundRequest(string? Reason);

internal sealed record Purchase(
    string Id, string TrackId, string Status, Money Amount, DateTimeOffset CreatedAt, DateTimeOffset? RefundedAt, string? RefundReason);

/// <summary>What an attempt to buy came to: a purchase, new or the one this key already made, or the reason why not.</summary>
internal sealed record PurchaseOutcome(Purchase? Purchase, bool Replayed, int Refused, string? Why);

/// <summary>Purchases of the sandbox account, in memory; the oldest are forgotten beyond a bound.</summary>
internal sealed class Purchases(TimeProvider clock, Catalogue catalogue)
{
    /// <summary>The card of the sandbox that is always declined.</summary>
    public const string DeclinedCard = "card_declined";

    private const int Remembered = 10_000;

    private readonly Lock _door = new();
    private readonly Dictionary<string, Purchase> _byId = [];
    private readonly Dictionary<string, (PurchaseRequest Request, string Id)> _byKey = [];
    private readonly Queue<(string Id, string Key)> _oldestFirst = new();
    private int _count;

    public PurchaseOutcome Buy(PurchaseRequest request, string key, bool declineAll)
    {
        if (request.TrackId is null || catalogue.Find(request.TrackId) is not { } track)
        {
            return new PurchaseOutcome(null, false, 422, $"There is no track {request.TrackId} on sale.");
        }
        lock (_door)
        {
            if (_byKey.TryGetValue(key, out var before))
            {
                return before.Request == request
                    ? new PurchaseOutcome(_byId[before.Id], true, 0, null)
                    : new PurchaseOutcome(null, false, 409, "This Idempotency-Key was used for another purchase.");
            }
            if (declineAll || request.Payment == DeclinedCard)
            {
                return new PurchaseOutcome(null, false, 402, "The payment was declined.");
            }
            var purchase = new Purchase($"pur_{++_count:D6}", track.Id, "completed", track.Price, clock.GetUtcNow(), null, null);
            Remember(purchase, key, request);
            return new PurchaseOutcome(purchase, false, 0, null);
        }
    }

    public Purchase? Find(string id)
    {
        lock (_door)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    /// <summary>Gives the money back once; null if that was done before.</summary>
    public Purchase? Refund(string id, string? reason)
    {
        lock (_door)
        {
            var purchase = _byId[id];
            return purchase.RefundedAt is not null
                ? null
                : _byId[id] = purchase with { Status = "refunded", RefundedAt = clock.GetUtcNow(), RefundReason = reason };
        }
    }

    private void Remember(Purchase purchase, string key, PurchaseRequest request)
    {
        _byId[purchase.Id] = purchase;
        _byKey[key] = (request, purchase.Id);
        _oldestFirst.Enqueue((purchase.Id, key));
        if (_oldestFirst.Count > Remembered)
        {
            var (oldId, oldKey) = _oldestFirst.Dequeue();
            _byId.Remove(oldId);
            _byKey.Remove(oldKey);
        }
    }
}
