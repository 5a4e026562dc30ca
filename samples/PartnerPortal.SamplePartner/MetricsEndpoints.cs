namespace PartnerPortal.SamplePartner;

internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        app.MapGet("/metrics", (HttpRequest request, Shoppers shoppers, Faults faults, TunesMetrics metrics) =>
        {
            if (faults.IsOn(Faults.MetricsDown))
            {
                return Results.Problem("The metrics service is down.", statusCode: 503, title: "Out of order");
            }
            shoppers.CatchUp();
            return faults.IsOn(Faults.BadMetrics)
                ? Results.Text(Hostile.BreakALine(Exposition.Write(metrics.Families, openMetrics: false)), "text/plain; version=0.0.4; charset=utf-8")
                : Exposition.Answer(request, metrics.Families);
        });

        app.MapGet("/our-side/metrics", (HttpRequest request, Shoppers shoppers, OurSideMetrics metrics) =>
        {
            shoppers.CatchUp();
            return Exposition.Answer(request, metrics.Families);
        });
    }
}
