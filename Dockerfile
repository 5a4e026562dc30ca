# Three images: assets fetches the chart library and fonts, build publishes, and portal and partner run as an ordinary user.
#   docker compose up --build          (see docs/operations.md)

FROM node:22-slim AS assets
WORKDIR /assets
COPY package.json package-lock.json .npmrc ./
# The optional packages are PostgreSQL for developers' machines; here it has a container of its own.
RUN npm ci --omit=optional --ignore-scripts

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig package.json package-lock.json ./
COPY src/ src/
COPY migrations/ migrations/
COPY samples/ samples/
COPY wwwroot/ wwwroot/
COPY --from=assets /assets/node_modules/ node_modules/
# The stamp tells the build that npm has run.
RUN touch node_modules/.portal-stamp \
 && dotnet publish src/PartnerPortal.Web -c Release -o /out/portal \
 && dotnet publish src/PartnerPortal.Cli -c Release -o /out/cli \
 && dotnet publish samples/PartnerPortal.SamplePartner -c Release -o /out/partner

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS partner
WORKDIR /app
COPY --from=build /out/partner/ ./
USER $APP_UID
EXPOSE 5081
ENTRYPOINT ["dotnet", "PartnerPortal.SamplePartner.dll", "--urls", "http://0.0.0.0:5081"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS portal
WORKDIR /app
COPY --from=build /out/portal/ ./
COPY --from=build /out/cli/ /app/cli/
# portal backup, portal doctor and the rest; and the data directory, which a volume takes its owner from.
RUN printf '#!/bin/sh\nexec dotnet /app/cli/portal-cli.dll "$@"\n' > /usr/local/bin/portal \
 && chmod 755 /usr/local/bin/portal \
 && mkdir -p /var/lib/partner-portal \
 && chown $APP_UID /var/lib/partner-portal
ENV Portal__DataDirectory=/var/lib/partner-portal \
    ASPNETCORE_HTTP_PORTS=8080
USER $APP_UID
VOLUME /var/lib/partner-portal
EXPOSE 8080
# The image has neither curl nor wget, but bash can open a connection.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && IFS= read -r -t 4 line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["dotnet", "PartnerPortal.Web.dll"]
