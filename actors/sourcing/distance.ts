interface Place {
  latitude?: number;
  longitude?: number;
}

const EARTH_RADIUS_KM = 6371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance (haversine), undefined where one of the places is not known. */
export function distanceKm(a: Place | undefined, b: Place | undefined): number | undefined {
  if (a?.latitude === undefined || a.longitude === undefined) return undefined;
  if (b?.latitude === undefined || b.longitude === undefined) return undefined;
  const north = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2;
  const east = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const chord = north + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * east;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}
