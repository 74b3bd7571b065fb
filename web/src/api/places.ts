import { getItems } from './client';
import type { CameraState } from './cameras';

/** How many cameras of each state one may see there. */
export type CameraCounts = Partial<Record<CameraState, number>>;

export interface Floor {
  id: string;
  code: string;
  name: string;
  ordinal: number;
  cameras: CameraCounts;
}

export interface Building {
  id: string;
  code: string;
  name: string;
  floors: Floor[];
}

export interface Site {
  id: string;
  code: string;
  name: string;
  buildings: Building[];
}

export function listPlaces(): Promise<Site[]> {
  return getItems<Site>('/v1/places');
}

/** Where a floor is, in words that a person finds it by. */
export interface FloorPath {
  site: Site;
  building: Building;
  floor: Floor;
}

export function findFloor(sites: Site[], floor_id: string | null): FloorPath | null {
  for (const site of sites) {
    for (const building of site.buildings) {
      const floor = building.floors.find((one) => one.id === floor_id);
      if (floor) return { site, building, floor };
    }
  }
  return null;
}

function camerasIn(building: Building): number {
  return building.floors
    .flatMap((floor) => Object.values(floor.cameras))
    .reduce((sum, count) => sum + count, 0);
}

/** All buildings, those with the most cameras first: the main building before its branches. */
export function buildingsOf(sites: Site[]): Building[] {
  return sites.flatMap((site) => site.buildings).toSorted((a, b) => camerasIn(b) - camerasIn(a));
}

/** Where to begin: the first floor with a camera in service, else the first of all. */
export function firstFloorOf(sites: Site[]): Floor | null {
  const floors = buildingsOf(sites).flatMap((building) => building.floors);
  return floors.find((floor) => (floor.cameras.in_service ?? 0) > 0) ?? floors[0] ?? null;
}
