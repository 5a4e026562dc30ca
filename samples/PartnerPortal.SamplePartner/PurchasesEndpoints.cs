namespace PartnerPortal.SamplePartner;

internal static class PurchasesEndpoints
{
    /// <summary>Marks the answer to a repeated Idempotency-Key, which is not a new purchase.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    public static void MapPurchases(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/purchases");
        group.MapPost("", Buy).WithName("createPurchase").RequireToken();
        group.MapGet("/{id}", (Purchases purchases, string id) =>
            purchases.Find(id) is { } purchase ? Results.Ok(purchase) : Unknown(id)).WithName("getPurchase").RequireToken();
        group.MapPost("/{id}/refund", Refund).WithName("refundPurchase").RequireToken();
    }

    private static IResult Buy(HttpContext http, Purchases purchases, Faults faults, Webhooks webhooks, PurchaseRequest request)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length is 0 or > 200)
        {
            return Results.Problem("Send an Idempotency-Key of 1 to 200 characters, a new one for every purchase.", statusCode: 400, title: "No Idempotency-Key");
        }
        var outcome = purchases.Buy(request, key, faults.IsOn(Faults.DeclinePurchases));
        if (outcome.Purchase is not { } purchase)
        {
            return Results.Problem(outcome.Why, statusCode: outcome.Refused, title: outcome.Refused == 402 ? "Declined" : "Not bought");
        }
        if (outcome.Replayed)
        {
            http.Response.Headers[ReplayedHeader] = "true";
        }
        else
        {
            webhooks.Announce("purchase.completed", purchase);
        }
        return Results.Created($"/v1/purchases/{purchase.Id}", purchase);
    }

    private static IResult Refund(Purchases purchases, Webhooks webhooks, string id, RefundRequest? request)
    {
        if (purchases.Find(id) is null)
        {
            return Unknown(id);
        }
        if (purchases.Refund(id, request?.Reason) is not { } refunded)
        {
            return Results.Problem($"Purchase {id} was refunded before.", statusCode: 409, title: "Already refunded");
        }
        webhooks.Announce("refund.completed", refunded);
        return Results.Ok(refunded);
    }

    private static IResult Unknown(string id) =>
        Results.Problem($"There is no purchase {id}.", statusCode: 404, title: "Unknown purchase");
}
