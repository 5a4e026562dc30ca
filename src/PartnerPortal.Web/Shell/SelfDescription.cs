using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using OpenTelemetry.Metrics;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;
using PartnerPortal.Web.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace PartnerPortal.Web.Shell;

/// <summary>What the portal says about itself to programs: its HTTP API at /openapi/v1.json, its own figures at /metrics. Both need a session or a token.</summary>
public static class SelfDescription
{
    /// <summary>Adds the API document and the figures.</summary>
    public static IServiceCollection AddSelfDescription(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(document =>
        {
            document.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "PartnerPortal",
                Version = "v1",
                Description = "Everything a page can do. Errors are application/problem+json with a traceId; lists are pages with a cursor; enumerations are words.",
            });
            document.CustomSchemaIds(type => (type.FullName ?? type.Name).Replace("PartnerPortal.", "", StringComparison.Ordinal).Replace('+', '.'));
            document.SchemaFilter<WordsInSchemas>();
            document.OperationFilter<KeyOnPosts>();
            document.DocumentFilter<ApiExamples>();
            document.AddSecurityDefinition("token", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token (ppk_…), made under Settings." });
            foreach (var comments in Directory.EnumerateFiles(AppContext.BaseDirectory, "PartnerPortal.*.xml"))
            {
                document.IncludeXmlComments(comments);
            }
        });
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddMeter("Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Server.Circuits", "Npgsql", "PartnerPortal")
            .AddPrometheusExporter());
        return services;
    }

    /// <summary>Maps both addresses.</summary>
    public static void MapSelfDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapSwagger("/openapi/{documentName}.json", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1).Needs(Right.Read);
        routes.MapPrometheusScrapingEndpoint("/metrics").Needs(Right.Read);
    }

    private sealed class WordsInSchemas : ISchemaFilter
    {
        public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
        {
            if (context.Type.IsEnum && schema is OpenApiSchema written)
            {
                written.Type = JsonSchemaType.String;
                written.Format = null;
                written.Enum = [.. Enum.GetValues(context.Type).Cast<Enum>().Select(v => (JsonNode)JsonValue.Create(Words.Of(v)))];
            }
        }
    }

    private sealed class KeyOnPosts : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            var call = context.ApiDescription;
            if (call.HttpMethod == HttpMethods.Post && !call.ActionDescriptor.EndpointMetadata.OfType<NotRemembered>().Any())
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = ApiIdempotency.Header,
                    In = ParameterLocation.Header,
                    Description = "Of your making. The same request with the same key within 24 hours is answered again and not done again.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = ApiIdempotency.LongestKey },
                });
            }
        }
    }
}
